internal import Postgres
internal import Web

/// What the database refuses about inquiries, as problems: constraint by constraint, each with the member to mend.
enum InquiryErrors {
    /// Runs writes and turns the refusals that are known here into problems.
    static func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw problem(for: error).map { $0 as any Error } ?? error
        }
    }

    /// The problem for a refused constraint; nil for one that is not of inquiries.
    static func problem(for error: PostgresError) -> Problem? {
        guard let constraint = error.constraint else { return nil }
        if constraint == "inquiry_status_step" { return Problem(.stepRefused) }
        if constraint == "inquiry_handover_one_offer" { return Problem(.offerPending) }
        if constraint == "inquiry_entry_append_only" { return Problem(.forbidden) }
        guard let row = members[constraint] else { return nil }
        return .invalid([.pointer(row.pointer, row.code, row.message)])
    }

    /// The member of the body that a constraint is about, and a sentence.
    static let members: [String: (pointer: String, code: String, message: Localized)] = [
        "inquiry_lost_with_reason": (
            "/lostReason", "required",
            Localized(
                sv:
                    "Ett förlorat ärende behöver orsak, vem som vann (eller okänt), utebliven summa och sedan när det gick att veta.",
                en:
                    "A lost case needs a reason, who won (or unknown), the sum forgone and since when it could be known."
            )
        ),
        "inquiry_winning_place_named": (
            "/winningPlace", "required",
            Localized(
                sv: "Namnge platsen som vann, eller välj ingen eller okänd.",
                en: "Name the place that won, or choose none or unknown."
            )
        ),
        "inquiry_officer_in_office": (
            "/officer", "unknown-value",
            Localized(
                sv: "Den ansvariga måste arbeta på kontoret som leder ärendet.",
                en: "The officer must work in the office that leads the case."
            )
        ),
        "inquiry_officer_fkey": (
            "/officer", "unknown-value", Localized(sv: "Kontot finns inte.", en: "There is no such account.")
        ),
        "inquiry_handover_elsewhere": (
            "/region", "out-of-range",
            Localized(
                sv: "Ärendet leds redan av den regionen; välj en annan.",
                en: "That region leads the case already; choose another."
            )
        ),
        "inquiry_handover_declined_with_reason": (
            "/reason", "required",
            Localized(sv: "Skriv varför ni avböjer.", en: "Write why you decline.")
        ),
        "inquiry_received_before_now": (
            "/receivedAt", "out-of-range",
            Localized(
                sv: "Tiden ligger framåt; ange när det kom.",
                en: "The time lies ahead; give when it came."
            )
        ),
        "inquiry_entry_at_before_now": (
            "/at", "out-of-range",
            Localized(
                sv: "Tiden ligger framåt; ange när det var.",
                en: "The time lies ahead; give when it was."
            )
        ),
        "inquiry_entry_at_range": (
            "/at", "out-of-range",
            Localized(sv: "Ange en tid efter 2000.", en: "Give a time after 2000.")
        ),
        "inquiry_next_action_dated": (
            "/nextAction", "required",
            Localized(sv: "Skriv vad som ska göras den dagen.", en: "Write what is to be done on that day.")
        ),
        "inquiry_phase_days_bounded": (
            "/phases", "out-of-range",
            Localized(
                sv: "Dagarna måste ligga mellan 1900 och 2199.",
                en: "The days must lie between 1900 and 2199."
            )
        ),
        "inquiry_phase_pkey": (
            "/phases", "repeated", Localized(sv: "Ange varje fas en gång.", en: "Give each phase once.")
        ),
        "inquiry_contact_email_form": (
            "/contacts", "malformed",
            Localized(
                sv: "Skriv adressen med @, till exempel namn@exempel.se.",
                en: "Write the address with @, such as name@example.se."
            )
        ),
        "inquiry_contact_phone_form": (
            "/contacts", "malformed",
            Localized(
                sv: "Skriv numret med siffror, till exempel +46 70 123 45 67.",
                en: "Write the number in digits, such as +46 70 123 45 67."
            )
        ),
    ]
}

extension ProblemCode {
    /// 409: a status that cannot follow the present one.
    static let stepRefused = ProblemCode(
        "status-step-refused",
        status: 409,
        title: Localized(sv: "Steget finns inte", en: "No such step"),
        detail: Localized(
            sv:
                "Ärendet kan inte gå från sin status till den. nextStatuses i ärendet visar vilka som kan följa.",
            en:
                "The case cannot go from its status to that one. nextStatuses of the case shows which may follow."
        )
    )
    /// 409: the case is offered to a region already.
    static let offerPending = ProblemCode(
        "handover-pending",
        status: 409,
        title: Localized(sv: "Ärendet är redan erbjudet", en: "Case already offered"),
        detail: Localized(
            sv: "En annan region har inte svarat än. Vänta på svaret eller ta tillbaka erbjudandet.",
            en: "Another region has not answered yet. Wait for the answer or take the offer back."
        )
    )
    /// 409: the offer was answered or taken back.
    static let offerGone = ProblemCode(
        "handover-answered",
        status: 409,
        title: Localized(sv: "Erbjudandet gäller inte längre", en: "Offer no longer open"),
        detail: Localized(
            sv: "Erbjudandet är redan besvarat eller återtaget, eller så är det inte ert att besvara.",
            en: "The offer has been answered or taken back already, or it is not yours to answer."
        )
    )
}
