import Availability
import FoundationEssentials
import Postgres

@testable import Registry

/// The rules of searching read aloud, one person and one day at a time: slow, obvious, and what SQL must agree with.
struct NaiveCrew {
    let catalogue: Catalogue
    /// Whether the reader is an approved searcher.
    let isApproved: Bool

    /// Who is found, in order, with what is said of their days.
    func find(_ search: CrewSearch) -> [(person: Catalogue.Person, availability: CrewAvailability?)] {
        catalogue.people
            .filter { matches($0, search) }
            .map { ($0, search.dates.isEmpty ? nil : availability(of: $0, search.dates)) }
            .filter { found in
                guard let availability = found.1 else { return true }
                return switch search.coverage {
                case .full: availability.state == .full
                case .partial: availability.state == .full || availability.state == .partial
                case .any: true
                }
            }
            .sorted { isBefore($0, $1, search.order) }
    }

    /// The total if a value were the only one of its facet (alternatives) or were added (required).
    func count(_ facet: CrewFacet, _ value: String, _ search: CrewSearch) -> Int {
        var search = search
        switch facet {
        case .role: search.roles = [value]
        case .grade: search.grades = CrewSearch.Grade(rawValue: value).map { [$0] } ?? []
        case .department: search.departments = [value]
        case .region: search.regions = [value]
        case .municipality: search.municipalities = [value]
        case .language: search.languages.append(value)
        case .certificate: search.certificates.append(value)
        }
        return find(search).count
    }

    // MARK: The days

    /// What is known of a day; nothing outside the window.
    func state(of person: Catalogue.Person, on day: Day) -> CrewCalendar.DayState {
        guard day >= catalogue.firstDay, day < catalogue.firstDay + CrewWindow.length else { return .unknown }
        if person.blocks.contains(where: { $0.contains(day) }) { return .busy }
        if person.bookings.contains(where: { $0.isConfirmed && $0.days.contains(day) }) { return .busy }
        if person.holds.contains(where: { $0.isActive && $0.days.contains(day) }) { return .held }
        return person.known?.contains(day) == true ? .free : .unknown
    }

    func availability(of person: Catalogue.Person, _ dates: DayMultirange) -> CrewAvailability {
        let needed = dates.ranges.flatMap { Array($0.days.lowerBound.number..<$0.days.upperBound.number) }
            .map { Day(number: $0) }
        let isShown = person.visibility == "anyone" || isApproved && person.visibility == "approved"
        guard isShown else { return .hidden(needed.count) }
        let states = needed.map { state(of: person, on: $0) }
        func count(_ state: CrewCalendar.DayState) -> Int { states.count { $0 == state } }
        let (free, unknown) = (count(.free), count(.unknown))
        var clashes: [CrewAvailability.Clash] = []
        for (day, state) in zip(needed, states) {
            guard let kind = CrewAvailability.Clash.Kind(rawValue: state.rawValue) else { continue }
            if let last = clashes.last, last.kind == kind, last.to + 1 == day {
                clashes[clashes.count - 1] = .init(from: last.from, to: day, kind: kind)
            } else {
                clashes.append(.init(from: day, to: day, kind: kind))
            }
        }
        return CrewAvailability(
            state: free == needed.count ? .full : free > 0 ? .partial : unknown > 0 ? .unknown : .none,
            needed: needed.count,
            free: free,
            held: count(.held),
            busy: count(.busy),
            unknown: unknown,
            clashes: clashes,
            unknownDays: DayMultirange(zip(needed, states).filter { $1 == .unknown }.map { DayRange($0.0) })
        )
    }

    // MARK: The filters

    func matches(_ person: Catalogue.Person, _ search: CrewSearch) -> Bool {
        person.state == "published" && holdsRole(person, search) && isOfRegion(person, search)
            && (search.municipalities.isEmpty
                || person.municipality.map(search.municipalities.contains) == true)
            && person.languages.isSuperset(of: search.languages)
            && person.certificates.isSuperset(of: search.certificates)
            && isNear(person, search)
    }

    private func holdsRole(_ person: Catalogue.Person, _ search: CrewSearch) -> Bool {
        person.roles.contains { no, grade in
            guard let role = catalogue.vocabularies.roles.first(where: { $0.no == no }) else { return false }
            return (search.roles.isEmpty || search.roles.contains(role.code))
                && (search.departments.isEmpty || search.departments.contains(role.department))
                && (search.grades.isEmpty || search.grades.contains(grade))
        }
    }

    private func isOfRegion(_ person: Catalogue.Person, _ search: CrewSearch) -> Bool {
        if search.regions.isEmpty { return true }
        return search.regions.compactMap { catalogue.vocabularies.region($0)?.no }.contains { region in
            if person.homeRegion == region { return true }
            if search.reach == .home { return false }
            if person.localRegions.contains(region) { return true }
            guard search.reach == .travel, let radius = person.travelRadius,
                let metres = person.metresToRegion[region]
            else { return false }
            return metres <= Double(radius) * 1000
        }
    }

    private func isNear(_ person: Catalogue.Person, _ search: CrewSearch) -> Bool {
        guard let radius = search.near?.radius else { return true }
        return person.metresToPoint.map { $0 <= radius * 1000 } ?? false
    }

    // MARK: The order

    private typealias Found = (person: Catalogue.Person, availability: CrewAvailability?)

    private func isBefore(_ one: Found, _ other: Found, _ order: CrewSearch.Sort) -> Bool {
        let (left, right) = (key(one, order), key(other, order))
        if left != right { return left.lexicographicallyPrecedes(right) }
        return one.person.id.uuidString < other.person.id.uuidString
    }

    /// Smaller is earlier.
    private func key(_ found: Found, _ order: CrewSearch.Sort) -> [Int] {
        let renewed = -Int(found.person.renewedOn.number)
        let name = found.person.nameRank
        switch order {
        case .renewed: return [renewed, name]
        case .name: return [name, renewed]
        case .distance: return [found.person.metresToPoint.map { Int($0.rounded()) } ?? .max, renewed, name]
        case .availability:
            guard let availability = found.availability else { return [renewed, name] }
            let rank =
                switch availability.state {
                case .full, .partial: -availability.free
                case .unknown: 1
                case .none: 2
                case .hidden: 3
                }
            return [rank, renewed, name]
        }
    }

    // MARK: Staffing

    /// How many places can be filled from some regions, by augmenting one place at a time.
    func mostFilled(_ request: StaffingRequest, regions: [String]) -> Int {
        let candidates = request.posts.flatMap { post -> [[UUID]] in
            var search = CrewSearch()
            search.roles = [post.role]
            search.grades = post.grades
            search.languages = post.languages
            search.certificates = post.certificates
            search.regions = regions
            search.dates = request.dates
            return Array(repeating: find(search).map(\.person.id), count: post.count)
        }
        var holder: [UUID: Int] = [:]
        func place(_ seat: Int, _ tried: inout Set<UUID>) -> Bool {
            for person in candidates[seat] where tried.insert(person).inserted {
                if let other = holder[person], !place(other, &tried) { continue }
                holder[person] = seat
                return true
            }
            return false
        }
        return candidates.indices.count { seat in
            var tried: Set<UUID> = []
            return place(seat, &tried)
        }
    }
}
