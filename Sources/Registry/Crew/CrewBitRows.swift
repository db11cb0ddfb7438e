/// One chunk of people as turned bits: a row per value, and a row per day, with one bit for each person.
///
/// Built from rows of people; what the database should hold for the chunk.
struct CrewBitRows {
    /// Bytes of a row.
    static let width = CrewFacetQueries.chunk / 8

    /// A row of `klappa.crew_bits`.
    struct Key: Hashable, Sendable {
        var kind: String
        var value = ""
        var grade = ""
    }

    /// The bits of each value that somebody of the chunk has.
    private(set) var values: [Key: [UInt8]] = [:]

    /// Gives a person, by place in the chunk, a value.
    mutating func set(_ key: Key, at place: Int) {
        values[key, default: [UInt8](repeating: 0, count: Self.width)][place >> 3] |= 0x80 >> UInt8(place & 7)
    }

    /// Gives a person a role with grades (bits as in the postings), and with it the department and the grades.
    mutating func set(role: String, department: String, grades: Int16, at place: Int) {
        set(Key(kind: "role", value: role), at: place)
        set(Key(kind: "department", value: department), at: place)
        for grade in CrewSearch.Grade.allCases where grade.bit & grades != 0 {
            set(Key(kind: "grade", value: grade.rawValue), at: place)
            set(Key(kind: "role_grade", value: role, grade: grade.rawValue), at: place)
        }
    }
}

/// The days of one chunk, turned: from a row of days per person to a row of people per day.
struct CrewDayRows {
    /// All rows, one after the other.
    private var bytes = [UInt8](repeating: 0, count: CrewWindow.length * CrewBitRows.width)

    /// Sets the days of a person, given as packed bits.
    mutating func set(_ days: [UInt8], at place: Int) {
        let (column, mask) = (place >> 3, UInt8(0x80) >> UInt8(place & 7))
        bytes.withUnsafeMutableBufferPointer { rows in
            for (index, byte) in days.enumerated() where byte != 0 {
                var rest = byte
                while rest != 0 {
                    let bit = rest.leadingZeroBitCount
                    rows[(index * 8 + bit) * CrewBitRows.width + column] |= mask
                    rest &= ~(0x80 >> UInt8(bit))
                }
            }
        }
    }

    /// The people of a day.
    func row(_ day: Int) -> [UInt8] {
        Array(bytes[day * CrewBitRows.width..<(day + 1) * CrewBitRows.width])
    }
}
