internal import Postgres
internal import Web

extension ProblemCode {
    /// 409: the call is not open yet, or not any more.
    static let callNotOpen = ProblemCode(
        "call-not-open",
        status: 409,
        title: Localized(sv: "Utlysningen tar inte emot ansökningar", en: "The call takes no applications"),
        detail: Localized(
            sv: "Utlysningen har inte öppnat än eller är stängd. Dess tider står på utlysningens sida.",
            en: "The call has not opened yet or is closed. Its times stand on the page of the call."
        )
    )
    /// 409: everybody who was accepted fills the places.
    static let placesTaken = ProblemCode(
        "places-taken",
        status: 409,
        title: Localized(sv: "Platserna är slut", en: "No places left"),
        detail: Localized(
            sv: "Alla platser är tagna. Sätt den sökande på väntelistan eller öka antalet platser.",
            en: "Every place is taken. Put the applicant on the waiting list or raise the number of places."
        )
    )
    /// 409: one application each.
    static let alreadyApplied = ProblemCode(
        "already-applied",
        status: 409,
        title: Localized(sv: "Du har redan en ansökan här", en: "You have an application here already"),
        detail: Localized(
            sv: "En ansökan per person och utlysning. Ta tillbaka den första om du vill lämna en ny.",
            en: "One application for each person and call. Take the first one back to hand in a new one."
        )
    )
    /// 409: what was handed in stays as it is.
    static let applicationLocked = ProblemCode(
        "application-locked",
        status: 409,
        title: Localized(sv: "Ansökan är inlämnad", en: "The application has been handed in"),
        detail: Localized(
            sv: "En inlämnad ansökan går inte att ändra. Du kan ta tillbaka den.",
            en: "An application that was handed in cannot be changed. You can take it back."
        )
    )
    /// 409: an outcome that contradicts what was promised or who takes part.
    static let outcomeRefused = ProblemCode(
        "outcome-refused",
        status: 409,
        title: Localized(sv: "Beslutet går inte att ta", en: "The decision cannot be taken"),
        detail: Localized(
            sv:
                "Bara den som prövas kan antas eller ställas på väntelista, och en lovad plats lämnas bara av den som fått den.",
            en:
                "Only who is in consideration can be selected or wait, and a promised place is given up only by who got it."
        )
    )
}

/// What the database refuses of programmes and applications, as problems.
enum TalentErrors {
    /// The problem for an error of the database; nil for one that has no words here.
    static func problem(for error: any Error) -> Problem? {
        guard let error = error as? PostgresError, let constraint = error.constraint else { return nil }
        switch constraint {
        case "application_call_open", "application_call_fkey": return Problem(.callNotOpen)
        case "call_places_kept": return Problem(.placesTaken)
        case "application_one_each": return Problem(.alreadyApplied)
        case "application_locked": return Problem(.applicationLocked)
        case "assessment_eligible_only", "assessment_promise_kept", "participant_selected":
            return Problem(.outcomeRefused)
        case "application_phone_form":
            return .invalid([.pointer("/phone", "malformed", phone)])
        case "application_email_form":
            return .invalid([.pointer("/email", "malformed", email)])
        default:
            guard let fault = AnswerFault(constraint: constraint), let question = error.column else {
                return nil
            }
            return .invalid([.pointer("/answers/\(question)", fault.code, fault.message)])
        }
    }

    static let phone = Localized(
        sv: "Skriv numret med siffror, till exempel +46 70 123 45 67.",
        en: "Write the number in digits, such as +46 70 123 45 67."
    )
    static let email = Localized(
        sv: "Skriv adressen med @, till exempel namn@exempel.se.",
        en: "Write the address with @, such as name@example.se."
    )

    /// Runs a body and gives its refusals their words.
    static func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw problem(for: error) ?? error
        }
    }
}
