"""Who asks, and what they may: clients by certificate and token, people by session, one scope for every route."""
