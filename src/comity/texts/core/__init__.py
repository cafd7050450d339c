"""The algebra of joint texts: clauses and their tokens, amendments as operations on spans, readings. No Django."""
