"""The console: the register as pages, rendered here, readable without JavaScript. It asks what the API asks, by the
same functions, and never speaks to the service over HTTP."""
