"""Staff in Settings: who works here, in which role, with which rights; passwords and leaving."""
