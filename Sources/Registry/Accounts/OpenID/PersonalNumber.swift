internal import Foundation

/// Recognises Swedish personal identity numbers and coordination numbers, so that none is kept.
enum PersonalNumber {
    /// Whether a text has digits in it that read as such a number: six or eight of a day of birth (or one with 60 added),
    /// a sign or none, four more. The check digit is not asked: one that is mistyped is as telling.
    static func isContained(in text: String) -> Bool {
        for match in text.matches(
            of: /(?:^|[^0-9])(?:[0-9]{2})?[0-9]{2}([0-9]{2})([0-9]{2})[-+ ]?[0-9]{4}(?:[^0-9]|$)/
        ) {
            guard let month = Int(match.1), let day = Int(match.2), (1...12).contains(month) else { continue }
            if (1...31).contains(day) || (61...91).contains(day) { return true }
        }
        return false
    }
}
