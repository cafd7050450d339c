"""Each promise in an adopted text, per signatory: due date, evidence, reply, and the state that follows from them."""
