"""The report: figures and the page that shows them."""
