"""The parts of the form that content is written with; `rendition_form` puts them together."""
