"""The nouns that stages hand to each other: frozen records without behaviour of their own."""
