"""Units, posts, people and relations from the documented files of a district's folder."""
