"""XPath as checklists use it (ODK XForms): lexer, parser, functions, compiler to closures."""
