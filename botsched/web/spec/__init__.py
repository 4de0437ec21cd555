"""The REST API as an OpenAPI 3.1 document, one module for each module of handlers."""
