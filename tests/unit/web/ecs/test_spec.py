from openapi_spec_validator import OpenAPIV2SpecValidator

from botsched.web.ecs.handlers import routes
from botsched.web.ecs.spec import document

DOCUMENT = document()


def test_the_document_is_valid() -> None:
    faults = OpenAPIV2SpecValidator(DOCUMENT).iter_errors()

    assert [f"{fault.json_path}: {fault.message:.300}" for fault in faults] == []


def test_every_route_is_described_and_nothing_else() -> None:
    served = {(method.lower(), route.path) for route in routes for method in route.methods}
    described = {
        (verb, f"/ecs{path}")
        for path, item in DOCUMENT["paths"].items()
        for verb in item
        if verb != "parameters"
    }

    assert described == served - {("get", "/ecs")}
