"""What the OpenAPI document says beyond what the routes say of themselves: words, shapes, examples, links."""
