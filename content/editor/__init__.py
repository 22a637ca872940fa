"""The parts of the form that content is written with; `content.rendition_form` puts them together."""
