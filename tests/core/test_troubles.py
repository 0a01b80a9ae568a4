"""What the window has to tell, by who found it."""

from pms.core.troubles import Troubles


def test_what_is_over_for_one_leaves_the_others_standing():
    shown = []
    troubles = Troubles(shown.append)
    server, copies = troubles.of("server"), troubles.of("copies")
    copies("One copy only.")
    server("The server does not answer.")
    assert shown[-1] == "The server does not answer. One copy only."
    server("")
    assert shown[-1] == "One copy only."
    copies("")
    assert shown[-1] == ""
