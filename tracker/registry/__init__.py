"""Who: bodies, people, posts, ties and households, all dated; "who holds this duty when"."""
