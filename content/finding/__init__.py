"""Finding assets: their words folded and indexed, searched, counted by facets, and compared.

`folding`, `tokens`, `asking`, `shingles` and `texts` are functions of text; the others read and
write the rows of `content.models.finding`.
"""
