"""The room board: the house at a glance, and the home of the desk."""
