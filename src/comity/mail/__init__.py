"""Letters that leave the house: written with their cause, sent once, nothing confidential on the envelope."""
