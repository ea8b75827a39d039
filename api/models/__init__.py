"""What goes over the wire: pydantic models of requests and answers. They are the contract, `docs/openapi.json` is made of them."""
