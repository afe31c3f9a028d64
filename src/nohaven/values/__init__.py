"""Values found in pages: recognise them, give them one spelling, hide those that must not be kept."""
