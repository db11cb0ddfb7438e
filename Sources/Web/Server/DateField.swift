internal import HTTPTypes
internal import NIOConcurrencyHelpers

/// The field `Date`, written anew once a second.
final class DateField: Sendable {
    private let last = NIOLockedValueBox<(second: Int, field: HTTPField)>(
        (-1, HTTPField(name: .date, value: ""))
    )

    /// For an answer that goes out now.
    var now: HTTPField {
        let time = Timestamp.now
        return last.withLockedValue { last in
            if last.second != time.second {
                last = (time.second, HTTPField(name: .date, value: time.http))
            }
            return last.field
        }
    }
}
