"""The main job without a browser: real mails in, each walked to its end, and a folder that shows it."""
