"""AWS, reached as boto3 does: credentials, region, profile and address by its own rules."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from botsched.ecs import missing
from botsched.errors import ExecutionError
from botsched.job import JobError

try:
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError
    from botocore.parsers import ResponseParserError
except ImportError as error:
    raise ExecutionError(missing() or f"boto3 cannot be loaded: {error}.") from None

# What a client of ECS reads of boto3's own files: read once, before runs are forked off.
_FILES: Final = botocore.session.get_session().get_component("data_loader")
for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
    _FILES.load_service_model("ecs", kind)
_FILES.load_data("endpoints")

_ATTEMPTS: Final = 6
_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 30

_ALLOW: Final = "Allow it to the credentials that the server runs with; docs/ecs.md has the policy."
_LOG_IN: Final = (
    "The credentials that the server runs with are not accepted. See AWS_PROFILE, "
    "AWS_ACCESS_KEY_ID, or the role of this machine."
)
_QUEUE: Final = "See queueName, and the region (AWS_DEFAULT_REGION)."
_NOT_AWS: Final = "so it is not AWS. See AWS_ENDPOINT_URL, and proxies on the way."
_CURES: Final[Mapping[str, str]] = {
    "AccessDenied": _ALLOW,
    "AccessDeniedException": _ALLOW,
    "UnauthorizedOperation": _ALLOW,
    "ExpiredToken": _LOG_IN,
    "ExpiredTokenException": _LOG_IN,
    "InvalidClientTokenId": _LOG_IN,
    "InvalidSignatureException": _LOG_IN,
    "SignatureDoesNotMatch": _LOG_IN,
    "UnrecognizedClientException": _LOG_IN,
    "ClusterNotFoundException": "See --ecs-cluster, and the region (AWS_DEFAULT_REGION).",
    "QueueDoesNotExist": _QUEUE,
    "AWS.SimpleQueueService.NonExistentQueue": _QUEUE,
    "ThrottlingException": "AWS takes no more calls for the moment; the next run asks again.",
}


def new_client(service: str) -> Any:
    """A client for a service of AWS, which tries again for a while. Raises JobError."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _FILES)
    with told(f"use the service {service}"):
        return session.create_client(service, config=_config(session))


def _config(session: botocore.session.Session) -> Config:
    """What the environment or the profile do not choose themselves."""
    mode = session.get_config_variable("retry_mode")
    attempts = session.get_config_variable("max_attempts")
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={
            "mode": "standard" if mode == "legacy" else mode,
            "total_max_attempts": attempts or _ATTEMPTS,
        },
    )


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn whatever boto3 raises into a JobError that tells what was to be done, and the cure.

    What an answer lacks that AWS always gives, KeyError tells: somebody else has answered. Of a
    body that is no object, such as ``null``, boto3 itself raises AttributeError or TypeError.
    """
    try:
        yield
    except ClientError as error:
        answer = error.response.get("Error", {})
        code = answer.get("Code", "unknown")
        # One line: further ones repeat the request, with its session token.
        message = answer.get("Message", "").partition("\n")[0].rstrip(". ")
        cure = _CURES.get(code, "")
        raise JobError(f"AWS refused to {what}: {code}: {message}. {cure}".rstrip()) from None
    except NoCredentialsError:
        raise JobError(f"There are no credentials to {what}. {_LOG_IN}") from None
    except NoRegionError:
        raise JobError(f"No region is chosen to {what}; set AWS_DEFAULT_REGION.") from None
    except (BotoCoreError, ResponseParserError) as error:
        raise JobError(f"AWS could not {what}: {error}") from None
    except KeyError as error:
        raise JobError(
            f"AWS could not {what}: what answered gave no {error.args[0]}, {_NOT_AWS}"
        ) from None
    except (AttributeError, TypeError):
        raise JobError(
            f"AWS could not {what}: what answered gave no object of JSON, {_NOT_AWS}"
        ) from None
