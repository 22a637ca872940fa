"""What search reads of made-up assets, written by COPY like all else."""

from cjops.demo.mass.asking import numbers
from cjops.demo.mass.copying import Copier, array
from cjops.documents import Document
from content.finding import indexing
from content.models import Deadline, SearchRow


def add_search_row(copier: Copier, asset: int, key: str, document: Document) -> set[str]:
    """The rows of one asset; the words that search has to learn."""
    values, read = indexing.derived(key, document)
    copier.beside(
        SearchRow,
        {
            **values,
            "asset_id": asset,
            "tags": array(values["tags"]),
            "bands": numbers(values["bands"]),
        },
    )
    for what, of, words, on in indexing.deadlines(document):
        row = {"asset_id": asset, "what": what, "key": of, "words": words, "on": on}
        copier.add(Deadline, row)
    return read.words
