"""The demo programme: invented vendors, real checklists, pictures drawn by the program."""
