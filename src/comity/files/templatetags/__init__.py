"""What this room adds to the pages of other rooms' things."""
