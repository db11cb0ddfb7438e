/// Random numbers that depend on a seed alone (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
///
/// Each invented person has a generator of its own, so that a person is the same however many others are made.
struct DemoRandom: RandomNumberGenerator {
    private var state: UInt64

    /// A generator for one purpose (`topic`) of one person or production (`index`).
    init(seed: UInt64, topic: UInt64, index: Int) {
        var mixer = DemoRandom(state: seed &+ topic &* 0xD1B5_4A32_D192_ED03)
        let first = mixer.next()
        mixer.state = first ^ UInt64(truncatingIfNeeded: index) &* 0x9FB2_1C65_1E98_DF25
        state = mixer.next()
    }

    private init(state: UInt64) { self.state = state }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, both ends included.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True so many times of a hundred.
    mutating func chance(_ percent: Int) -> Bool { next() % 100 < UInt64(percent) }

    /// One of the list, which is not empty.
    mutating func pick<T>(_ list: [T]) -> T { list[Int(next() % UInt64(list.count))] }

    /// One of the list, each as often as its weight says.
    mutating func weighted<T>(_ list: [(T, Int)]) -> T {
        var rest = Int(next() % UInt64(list.reduce(0) { $0 + $1.1 }))
        for (value, weight) in list {
            if rest < weight { return value }
            rest -= weight
        }
        return list[0].0
    }

    /// A number of the range, small ones more often.
    mutating func low(_ range: ClosedRange<Int>) -> Int {
        min(number(range), number(range))
    }
}

/// Keys of invented rows: UUIDs version 7 whose time is that of the first day and whose random part comes from the
/// seed, the kind of row, the person and the row's place with the person.
struct DemoKeys {
    /// Kinds of rows.
    enum Kind: UInt64 {
        case person = 1, production, credit, contact, link, block, hold, booking, location, company
        case organisation = 61, programme, call, question, application, decision, participant
        case inquiry = 81, inquiryEntry, inquiryHandover
        case regionLevel = 41, regionEvidence, regionGoal, regionAction
    }

    let seed: UInt64
    /// Milliseconds since 1970, before the first key.
    let base: UInt64

    func key(_ kind: Kind, _ index: Int, _ place: Int = 0) -> String {
        var random = DemoRandom(
            seed: seed,
            topic: 1_000 + kind.rawValue * 1_000 + UInt64(place),
            index: index
        )
        let time = (base &+ UInt64(index)) & 0xFFFF_FFFF_FFFF
        let high = time << 16 | 0x7000 | random.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.next() & 0x3FFF_FFFF_FFFF_FFFF
        return RisingKeys<DemoRandom>.text(high, low)
    }
}
