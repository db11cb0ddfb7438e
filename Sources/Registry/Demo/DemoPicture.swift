internal import Foundation

/// An invented photograph: a landscape of sky, sun and ridges, the same for the same seed.
///
/// Written as an uncompressed PNG file (RFC 2083), which the pipeline of photographs reads like any other.
struct DemoPicture {
    static let width = 720
    static let height = 450

    /// Sky above and below, sun, ridges from far to near.
    private static let palettes: [[UInt32]] = [
        [0x9fc3cb, 0xf6e3b8, 0xfff3cf, 0x8fb0b3, 0x5d878a, 0x2f5a5d, 0x16393d],
        [0x6f9aa8, 0xf3c178, 0xfff0c4, 0xa48d78, 0x6c6a62, 0x3f4a48, 0x1c2b2c],
        [0xc9d6d4, 0xeef0e6, 0xfffdf4, 0xb1c3c0, 0x8aa5a1, 0x557a76, 0x274b48],
        [0x3b3f63, 0xd98a6c, 0xffe0b0, 0x6d5b72, 0x4b4660, 0x2c3049, 0x151c2e],
        [0xb8c8d2, 0xe9e6e1, 0xfff8e8, 0xa7b7c0, 0x8195a0, 0x53656f, 0x2b3a43],
    ]

    /// The file's bytes.
    static func png(seed: UInt64, index: Int) -> [UInt8] {
        var random = DemoRandom(seed: seed, topic: 31, index: index)
        let colours = random.pick(palettes)
        let horizon = random.number(190...270)
        let sun = (
            x: random.number(110...610), y: horizon - random.number(15...80), radius: random.number(20...33)
        )
        let ridges = (0..<4).map { place -> [Int] in
            let base = Double(horizon + place * random.number(34...48))
            let waves = (0..<3).map { _ in
                (
                    Double(random.number(5...40)) / 10, Double(random.number(0...628)) / 100,
                    Double(random.number(3...20))
                )
            }
            // The two near ones are forest, if the seed will have it.
            let isForest = place > 1 && random.chance(50)
            return (0..<width).map { x in
                let turn = Double(x) / Double(width) * 6.28
                let wave = waves.reduce(0.0) { $0 + sin(turn * $1.0 + $1.1) * $1.2 }
                let tree = isForest ? abs((x * 7 + place * 13) % 28 - 14) * (place == 3 ? 3 : 2) : 0
                return Int(base - wave) + tree - (isForest ? 30 : 0)
            }
        }
        var rows: [UInt8] = []
        rows.reserveCapacity((width * 3 + 1) * height)
        for y in 0..<height {
            rows.append(0)
            let share = min(Double(y) / Double(horizon), 1)
            let sky = mix(colours[0], colours[1], share)
            for x in 0..<width {
                var colour = sky
                let (dx, dy) = (x - sun.x, y - sun.y)
                if dx * dx + dy * dy < sun.radius * sun.radius { colour = colours[2] }
                for (place, ridge) in ridges.enumerated() where y >= ridge[x] { colour = colours[3 + place] }
                rows.append(UInt8(truncatingIfNeeded: colour >> 16))
                rows.append(UInt8(truncatingIfNeeded: colour >> 8))
                rows.append(UInt8(truncatingIfNeeded: colour))
            }
        }
        return file(rows)
    }

    private static func mix(_ one: UInt32, _ other: UInt32, _ share: Double) -> UInt32 {
        func part(_ shift: UInt32) -> UInt32 {
            let (from, to) = (Double(one >> shift & 255), Double(other >> shift & 255))
            return UInt32(from + (to - from) * share) << shift
        }
        return part(16) | part(8) | part(0)
    }

    private static func file(_ rows: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        func big(_ number: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - $0 * 8)) }
        }
        func chunk(_ kind: String, _ bytes: [UInt8]) {
            let body = Array(kind.utf8) + bytes
            file += big(bytes.count) + body + big(Int(crc(body)))
        }
        chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
        // zlib (RFC 1950) with stored blocks (RFC 1951, section 3.2.4).
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(rows.count + rows.count / 6000)
        for start in stride(from: 0, to: rows.count, by: 65_535) {
            let part = rows[start..<min(start + 65_535, rows.count)]
            let isLast: UInt8 = start + 65_535 >= rows.count ? 1 : 0
            let length = UInt16(part.count)
            stream += [
                isLast, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8),
            ]
            stream += part
        }
        chunk("IDAT", stream + big(Int(adler(rows))))
        chunk("IEND", [])
        return file
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}
