"""How to write a screen.

A duty's page is ``pms/ui/screens/<word>/screen.py`` with one class derived from ``Screen``. It shows frozen
rows from ``queries``, changes things through operations of ``service`` and imports nothing of the database
and no other screen::

    from pms.core.i18n import N_, _
    from pms.services.luggage import queries, service
    from pms.ui.kit import keys
    from pms.ui.kit.actions import action
    from pms.ui.kit.desk import Screen
    from pms.ui.kit.empty import Empty
    from pms.ui.kit.forms import Form, Number, Text
    from pms.ui.kit.parts import card, col, heading, row, side_panel
    from pms.ui.kit.rows import Column
    from pms.ui.kit.table import Table

    COLUMNS = (
        Column(N_("Tag"), lambda b: b.number, width=72, bold=True),
        Column(N_("Guest"), lambda b: b.guest, sub=lambda b: b.remark),  # second line: muted, wraps
        Column(N_("Fee"), lambda b: b.fee, "money", width=96),  # right-aligned, decimals, true minus
    )

    class LuggageScreen(Screen):
        '''The luggage room: what is stored, and what one can do with it.'''

        TOPICS = frozenset({"luggage"})  # refresh() is called when one of them changes and the page is seen

        def build(self):  # once; self.office, self.acts and self.notes exist already
            self.table = Table(COLUMNS, key=lambda b: b.id)
            self.table.set_empty(Empty("suitcase", _("No bags are stored.")))
            self.table.picked.connect(self.update_actions)  # judge the can_... again for another row
            self.guest, self.pieces = Text(_("Guest"), required=True), Number(_("Pieces"), value=1, least=1)
            self.form = Form(guest_name=self.guest, pieces=self.pieces)
            buttons = self.button("store"), self.button("hand_back")
            panel = side_panel(self.guest, self.pieces, None, self.notes, *buttons)
            return row((card(heading(_("Luggage")), (self.table, 1)), 1), panel, gap=0)

        def start(self):  # who gets the keys first: the work, never the search
            return self.table

        def refresh(self):
            self.table.show_rows(self.office.ask(queries.in_store))

        @action(N_("Store bags"), key=keys.PRIMARY, operation=service.store, icon="suitcase", kind="primary")
        def store(self):
            if missing := self.form.missing():  # goes to the field; the filled button is never dead
                self.refuse(missing)
                return
            self.run(service.store.of(**self.form.values()), said=_("The bags are stored."))

        @action(N_("Hand back"), key="H", operation=service.hand_back)
        def hand_back(self):
            bag = self.table.row()
            said = _("Bag %(tag)s is handed back.") % {"tag": bag.number}
            if self.run(service.hand_back.of(number=bag.number), said=said):
                self.table.setFocus()

        def can_hand_back(self) -> str:  # why not; shown at the button and when the key is pressed
            return "" if self.table.row() else _("Choose a bag first.")

Rules
- ``run`` takes an operation with its fields, ``service.store.of(pieces=2)``, and returns an ``Outcome``: true
  when done, ``.value`` is the result. A wrong field is a type error at the call. Refusals appear in
  ``self.notes``; confirmations and a second person are asked for you and the same call is repeated; a defect
  reaches the crash handler. Never catch ``Refused``.
- What moves money needs ``intent``: ``self.intent = self.office.new_intent()`` when the form opens, a new one
  after it is done.
- ``run`` never stops the window: beyond a tenth of a second it shows that it is busy and takes no press until
  the answer is there. What is known to be long: ``run_slow(operation.of(...), then=...)`` and
  ``ask_slow(partial(query, ...), then=...)``.
- Another screen: ``self.go("folios", stay_id=7)``; the window calls ``open(stay_id=7)`` there. Screens never
  import one another.
- Keys: ``keys`` holds the one map; F-keys keep their meaning everywhere and only open. Other actions take
  letters or Ctrl keys. F12 presses the filled button, whichever it is. A page that turns to something else
  under the same key says so with ``safety.opened()``: what opens is never fired by the key that opened it.
  ``tests/ui/checks.py`` has ``check_screen`` for your tests.
- One filled button (``kind="primary"``), bottom right. Dangerous ones (``kind="danger"``) stand last.
- Texts: ``_()`` where shown, ``N_()`` in declarations, ``%(name)s`` placeholders, never an f-string inside;
  Chinese goes into
  ``resources/locale/zh_CN/<word>.po``; ``installer/texts`` compiles, ``installer/texts --check`` tells what
  is missing.
- Colours by role (``good``, ``warn``, ``bad``, ``expect``, ``block``, ``muted``, ``accent``), distances from
  ``theme.GAP``, sizes through ``theme.px``. Anything painted by hand reads ``theme.now()`` while it paints.
- The window is made anew when the language, theme or size changes: keep nothing in a screen that the database
  does not hold.

Modules: ``desk`` (Screen, Desk for a panel of its own, Outcome) · ``actions`` · ``keys`` · ``safety`` ·
``rows`` and ``table`` · ``forms`` (Text Secret Amount Number Day Choice Remark Flag Form) · ``messages``
(Notes, note) · ``parts`` (label row col card side_panel pairs Button chip Badge Lamp Count) · ``formats``
(dates, times, amounts) · ``dialogs`` · ``preview`` · ``empty`` · ``background`` · ``refresh`` ·
``palette`` · ``theme``.
"""
