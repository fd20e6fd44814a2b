"""Stories and generated libraries that the matching has to get right, and what runs them."""
