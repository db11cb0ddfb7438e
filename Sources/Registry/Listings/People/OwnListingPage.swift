internal import Postgres
internal import Web

/// The overview of the own listing as the template prints it: which state, what that means, and which buttons it has.
struct OwnListingPage {
    let listing: OwnListing
    let calendar: OwnCalendar
    let text: CrewWords
    let today: Day

    private var words: Wording { text.words }

    /// After how many days the page asks whether a listing is still right.
    static let freshFor = 180

    var view: View {
        let state = listing.state.rawValue
        return [
            "name": .text(listing.name),
            "version": .text(String(listing.version)),
            "base": .text("/\(text.language)\(PeoplePages.home)"),
            "state": .text(words("listing.state.\(state)")),
            "tone": .text(tone),
            "meaning": .text(meaning),
            "reason": .optional(listing.stateReason),
            "publicAddress": listing.state == .published
                ? .text("/\(text.language)/crew/\(listing.slug)") : .absent,
            "facts": .list(facts),
            "mayEditFirst": .flag(listing.state == .draft || listing.state == .returned),
            "submit": .optional(submit),
            "mayTakeBack": .flag(may(.takeBack)),
            "mayRenew": .flag(may(.renew)),
            "renewNote": .text(renewal),
            "mayHide": .flag(may(.hide)),
            "mayShow": .flag(may(.show)),
            "change": change,
        ]
    }

    private func may(_ step: OwnListingPages.Step) -> Bool { step.isPossible(listing) }

    /// What is to be said instead, once the office agrees.
    private var change: View.Value {
        guard listing.isApproved, let proposal = listing.proposal else { return .absent }
        let before = ReviewPerson.said(listing.draft, text)
        let after = ReviewPerson.said(listing.latest, text)
        return .view([
            "sentence": .text(words("listing.change.\(proposal.state.rawValue)", region)),
            "reason": .optional(proposal.stateReason),
            "isReturned": .flag(proposal.state == .returned),
            "changes": OwnOfferPages.changes(OfferFields.differences(before, after)),
            "maySend": .flag(may(.sendChange)),
            "mayTakeBack": .flag(may(.takeBackChange)),
        ])
    }

    private var region: [String: String] { ["region": text.region(listing.homeRegion)] }

    private var tone: String {
        switch listing.state {
        case .published: "good"
        case .returned, .lapsed: "warn"
        default: ""
        }
    }

    private var meaning: String {
        let isByOffice = listing.state == .hidden && listing.hiddenByOffice
        return words("listing.meaning.\(isByOffice ? "hiddenByOffice" : listing.state.rawValue)", region)
    }

    /// The word on the button that sends it in; nil where the state has none.
    private var submit: String? {
        guard may(.submit) else { return nil }
        return words(listing.state == .draft ? "listing.submit" : "listing.submitAgain")
    }

    private var renewal: String {
        let day = words.day(listing.renewedOn)
        let isFresh = today - listing.renewedOn < Self.freshFor
        return words(isFresh ? "listing.renewedFresh" : "listing.renewedOld", ["day": day])
    }

    private var facts: [View] {
        let place = [text.municipality(listing.municipality), text.region(listing.homeRegion)].compactMap {
            $0
        }
        let roles = listing.roles.map { text.role($0.code) }
        let seen = listing.contactFields.filter { $0.visibility != "office" }.count
        let contacts = words(
            "listing.fact.contactsOf",
            ["count": words.number(listing.contactFields.count), "seen": words.number(seen)]
        )
        return [
            fact("place", place.joined(separator: ", ")),
            fact("roles", roles.isEmpty ? words("listing.fact.noRole") : roles.joined(separator: ", ")),
            fact("contacts", contacts),
            fact("days", words("listing.availability.\(listing.availabilityVisibility)")),
            fact(
                "calendar",
                calendar.known.flatMap(\.lastDay).map { words("crew.calendar.known", ["day": words.day($0)]) }
                    ?? words("listing.fact.noCalendar")
            ),
            fact(
                "consent",
                listing.consent.map { words("listing.fact.consented", ["day": words.day($0.givenOn)]) }
                    ?? words("listing.fact.noConsent")
            ),
        ]
    }

    private func fact(_ key: String, _ value: String) -> View {
        ["term": .text(words("listing.fact.\(key)")), "value": .text(value)]
    }
}
