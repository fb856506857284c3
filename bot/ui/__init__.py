"""How things look and act in Discord: cards, buttons, the stage."""
