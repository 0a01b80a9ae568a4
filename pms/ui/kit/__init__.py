"""How to write a screen.

A duty's page is ``pms/ui/screens/<word>/screen.py`` with one class derived from ``Register`` where it shows a
list, else from ``Screen``. It shows frozen rows from ``queries``, changes things through operations of
``service`` and imports nothing of the database and no other screen::

    from pms.core.i18n import N_, _, ngettext
    from pms.services.luggage import queries, service
    from pms.ui.kit import keys
    from pms.ui.kit.actions import action
    from pms.ui.kit.amounts import Number
    from pms.ui.kit.forms import Form, Text
    from pms.ui.kit.one import One, Step
    from pms.ui.kit.parts import col, label
    from pms.ui.kit.register import Register, View
    from pms.ui.kit.rows import Column
    from pms.ui.kit.unsaved import Typed
    from pms.ui.kit.verbs import RowForm, Verb

    def amend_form(page, do, back):  # made when it is first opened
        return RowForm(_("Change"), _("Save"), do, back, place=Text(_("Place")))

    class LuggageScreen(Register):
        '''The luggage room: what is stored, and what one can do with it.'''

        NAME, CHOSEN, HEAD = N_("Luggage"), "hand_back", ("new",)
        VIEWS = (  # the tabs; views with columns of their own name another ``table``
            View("here", N_("In store"), N_("No bags are stored."), "suitcase"),
            View("claimed", N_("Collected"), N_("No bags were collected today."), "check"),
        )
        CHOOSE = N_("Choose a bag first.")
        TOPICS = frozenset({"luggage"})  # asked again when one of them changes and the page is seen

        def lists(self):  # the rows of every view; self.zone, self.today, self.digits are fresh
            gone = self.office.ask(queries.claimed_on, business_date=self.today)
            return {"here": self.office.ask(queries.stored), "claimed": gone}

        def answer(self):  # the title: what is open, since when
            n = len(self.rows["here"])
            return ngettext("%(n)s tag in store", "%(n)s tags in store", n) % {"n": n}

        def columns(self, _table):
            return (
                Column(N_("Tag"), lambda b: b.tag, width=72, bold=True),
                Column(N_("Guest"), lambda b: b.guest, sub=lambda b: b.marks),  # second line, wraps
                Column(N_("Fee"), lambda b: b.fee, "money", width=96),  # right, decimals, true minus
                Column(N_("Stored"), self._when, width=120, sort=lambda b: b.stored_at),
                Column(N_("State"), state, "badge", width=112, usual=lambda b: not b.overdue),
            )

        def facts(self, bag):  # the panel: what is known of the row, and its history
            claims = self.office.ask(queries.claims, tag_id=bag.id)
            steps = [Step(claim.at, _("Collected"), claim.by) for claim in claims]
            return One(bag.tag, ((_("Place"), bag.place),), figure=True, steps=steps)

        def foot(self, _table):  # the buttons under it, the filled one last
            return col(None, self.button("amend"), self.button("hand_back"), gap=8)

        def make_forms(self):  # the page of a new row, which Insert opens
            self.guest, self.pieces = Text(_("Guest"), required=True), Number(_("Pieces"), value=1, least=1)
            self.form = Form(guest_name=self.guest, pieces=self.pieces)
            body = Typed(col(label(_("Store bags"), "title"), self.guest, self.pieces, None), (self.guest,))
            self.add_new(body, col(None, self.button("store")), self.guest)

        @action(N_("Store"), key=keys.PRIMARY, operation=service.store, kind="primary")
        def store(self):
            if missing := self.form.missing():  # goes to the field; the filled button is never dead
                self.refuse(missing)
                return
            self.run(service.store.of(**self.form.values()), said=_("The bags are stored."))

        def named(self, bag):  # what ``said`` below may name
            return {"tag": bag.tag}

        def _gone(self):  # why not; shown beside the button and when the key is pressed
            bag = self.table.row()
            return self.in_hand(_(self.CHOOSE), bool(bag and bag.left), _("These bags are gone."))

        amend = Verb(  # an action on the row in hand with its form; without ``form`` it is done at once
            N_("Change"), key="Ctrl+E", operation=service.amend, of=lambda bag: {"number": bag.number},
            can=_gone, form=amend_form, said=N_("%(tag)s is changed."),
        )
        hand_back = Verb(
            N_("Release bags"), key="H", operation=service.hand_back, of=lambda bag: {"number": bag.number},
            can=_gone, said=N_("%(tag)s is collected."), kind="primary",
        )

A register has no ``build`` and no ``refresh`` of its own. The kit gives it tabs with counts, the find line,
sorting by any head, columns left out, copies, files and print (``list_tools``), the panel with its history,
the way to a new row and back, and the reason beside a dead button. A page without a list derives ``Screen``
and puts itself together in ``build``.

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

Modules: ``desk`` (Screen, Desk for a panel of its own, Outcome) · ``register`` (Register, View) · ``verbs``
(Verb) · ``one`` (One, Step) · ``actions`` · ``keys`` · ``safety`` · ``rows`` and ``table`` · ``forms`` (Text
Secret Choice Remark Flag Form) · ``amounts`` (Amount Number Day) · ``messages`` (Notes, note) · ``parts``
(label row col card side_panel pairs Button chip Badge Lamp Count) · ``formats`` (dates, times, amounts) ·
``dialogs`` · ``preview`` · ``empty`` · ``background`` · ``refresh`` · ``palette`` · ``theme``.
"""
