"""The keys with which seats sign for their organisation: made in a browser or elsewhere, issued, replaced, revoked."""
