"""Content in and out of the portal: HTML, MJML, and zips with pictures."""
