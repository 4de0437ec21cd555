"""Mails: list, look at, have sent once more, give up."""

from typing import Any, Final

from botsched.domain.execution import State
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import AttemptOutcome, MailKind, MailState
from botsched.domain.why import HeldBy, RuleSource
from botsched.web.formats.joblist import ids_kind
from botsched.web.formats.mails import states_kind
from botsched.web.spec.operations import PAGING, Paths, body, moment, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    identifier,
    instant,
    listing,
    named,
    nullable,
    record,
    text,
    whole,
    word,
)

TAG = "Mails"
ABOUT = "What is told of executions by mail and other channels, and what became of it."

_ADDRESSES: Final = array(text("An address."))
_COUNTS: Final = record(
    "How many mails are in each state.",
    {str(state): whole("How many are so.") for state in MailState},
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Mail": record(
        "A mail about an execution, or a digest of several.",
        {
            "mail_id": identifier("The id of the mail."),
            "kind": word("What it tells of: one execution, or all that was held.", MailKind),
            "state": word("Where it stands.", MailState),
            "profile": text("Through which SMTP profile or other channel it is sent."),
            "to": nullable({**_ADDRESSES, "description": "To whom; null: those of the profile."}),
            "recipients": nullable(
                {**_ADDRESSES, "description": "To whom it is still owed; null: to all."}
            ),
            "subject": nullable(text("Its subject; null before the first attempt.")),
            "execution_id": identifier("The execution; of a digest, the newest one it tells."),
            "job_id": text("The job of the execution."),
            "job_name": text("Its name; empty when the execution is deleted."),
            "outcome": nullable(word("Where the execution stands; null when deleted.", State)),
            "why": nullable(named("Why", "Null for a digest, and in rows of earlier releases.")),
            "why_text": text("The same in words."),
            "attempts": whole("How often it was tried since it was queued."),
            "created_time": instant("Since when it is owed."),
            "next_attempt_time": nullable(instant("When it is tried next.")),
            "held_until": nullable(instant("Until when it is, or was, held.")),
            "ended_time": nullable(instant("When it was delivered, digested, or given up.")),
            "requeued_time": nullable(instant("When a user had it sent once more.")),
            "last_error": nullable(text("The words of the last refusal.")),
            "log": array(named("MailAttempt"), "The last attempts, in order."),
            "thread": nullable(identifier("The first execution of the incident it belongs to.")),
            "digest_id": nullable(identifier("The mail in which it was told.")),
            "resent_of": nullable(identifier("The mail that it repeats.")),
        },
    ),
    "Why": record(
        "Why a mail was sent.",
        {
            "occasions": array(word("What had happened.", Occasion), "Of those in the rule."),
            "rule": whole("The number of the rule, from 1."),
            "source": word("Whether it is a rule of the job or of the server.", RuleSource),
            "failures": whole("Bad runs in a row up to this one."),
            "since": nullable(instant("When the first of them ended.")),
            "held": nullable(word("What held it back.", HeldBy)),
        },
    ),
    "MailAttempt": record(
        "One attempt to deliver a mail.",
        {
            "time": instant("When it ended."),
            "profile": text("Through what: the profile, or its fallback."),
            "outcome": word("How it ended.", AttemptOutcome),
            "words": text("What the server said."),
        },
    ),
    "MailCounts": record(
        "How many mails there are.",
        {
            "states": _COUNTS,
            "profiles": array(
                record("A profile.", {"profile": text("Its name."), "states": _COUNTS}),
                "Those through which there are mails, by name.",
            ),
        },
    ),
    "MailId": record("The mail.", {"mail_id": identifier("The id of the mail that is meant.")}),
    "ResendMails": fields(
        "Either `mail_ids`, or `states` and what else narrows them down.",
        {
            "mail_ids": {**ids_kind().schema, "description": "These mails."},
            "states": {**states_kind().schema, "description": "All mails in these states."},
            "profile": nullable(text("With `states`: through this profile.")),
            "job_id": nullable(text("With `states`: about this job.")),
        },
    ),
    "ResentMails": record(
        "What became of it.", {"resent": whole("How many mails are queued anew.")}
    ),
}

_EXAMPLE: Final[dict[str, Any]] = {"states": ["dead"], "profile": "ops"}
_FORMS: Final = ("text", "html", "raw", "json")

PATHS: Final[Paths] = {
    "/api/v1/mails": {
        "get": operation(
            "listMails",
            "List mails, the newest first",
            listing("mails", "Mail"),
            told="All that are kept, unless a period is given; it is that of `created_time`.",
            parameters=[
                moment("time_range_start", "Owed since then."),
                moment("time_range_end", "Owed until then."),
                parameter(
                    "state",
                    text("Those in one of these states, with commas between.", example="dead,held"),
                ),
                parameter("profile", text("Those through this profile or other channel.")),
                parameter("job_id", text("Those about this job.")),
                parameter("execution_id", text("Those about this execution.")),
                parameter("digest_id", text("Those that were told in this digest.")),
                parameter(
                    "text", text("Part of the job's name, the subject, an address or the error.")
                ),
                *PAGING,
            ],
        )
    },
    "/api/v1/mails/counts": {
        "get": operation("countMails", "Count mails by profile and state", named("MailCounts"))
    },
    "/api/v1/mails/resend": {
        "post": operation(
            "resendMails",
            "Have many mails sent once more",
            named("ResentMails"),
            told="As far as they are dead, deferred or held; others are passed over.",
            body=body(named("ResendMails"), _EXAMPLE),
        )
    },
    "/api/v1/mails/{mail_id}": {
        "get": operation("getMail", "Look at a mail", named("Mail"), errors=[404])
    },
    "/api/v1/mails/{mail_id}/content": {
        "get": operation(
            "getMailContent",
            "What a mail tells",
            {"type": "object", "additionalProperties": True, "description": "As hooks get it."},
            told="Made of the record as it is now. 409 when there is no such form of it.",
            parameters=[parameter("format", word("Text without it.", _FORMS))],
            errors=[404, 409],
            also=["text/plain", "text/html", "message/rfc822"],
        )
    },
    "/api/v1/mails/{mail_id}/resend": {
        "post": operation(
            "resendMail",
            "Have a mail sent once more",
            named("MailId"),
            told="One that is dead, deferred or held is queued anew, to those it is still owed to. "
            "Of one that was delivered, or told in a digest, another one is made.",
            errors=[404, 409],
        )
    },
    "/api/v1/mails/{mail_id}/discard": {
        "post": operation(
            "discardMail",
            "Give up a mail that is queued, deferred or held",
            named("MailId"),
            errors=[404, 409],
        )
    },
}
