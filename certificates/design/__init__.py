"""The look of certificates: one page as HTML and CSS, and the engraving around it as SVG."""
