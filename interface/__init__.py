"""How things look and are listed: template tags, lists, exports."""
