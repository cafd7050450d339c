"""How a person proves who she is, and what is done when she no longer can."""
