internal import Crypto
public import Foundation

/// The style sheet, script, pictures and fonts of the pages, read once when the service starts.
///
/// Each is served under an address that carries a fingerprint of its bytes (`/assets/klappa.1f0c….css`), so that browsers
/// may keep it for a year. A style sheet's `url("…")` are rewritten to such addresses; a `@font-face` whose
/// file is missing (the fonts are made at installation) is left out, and readers see their own sans-serif.
public struct Assets: Sendable {
    /// One file as it is served.
    public struct Asset: Sendable {
        /// `text/css; charset=utf-8` and the like.
        public let contentType: String
        /// As they are sent.
        public let bytes: [UInt8]
        /// 16 hexadecimal digits of the SHA-256 of the bytes.
        public let fingerprint: String
    }

    private var served: [String: Asset] = [:]
    private var addresses: [String: String] = [:]

    /// - Parameters:
    ///   - folder: every file in it and below is served.
    ///   - also: files elsewhere, by the name under which they are served; what is not installed is left out.
    /// - Throws: ``PageError`` for a kind of file that has no content type here, and file system errors.
    public init(folder: URL, also: [String: URL] = [:]) throws {
        let base = folder.standardizedFileURL.path(percentEncoded: false)
        let walk = FileManager.default.enumerator(
            at: folder,
            includingPropertiesForKeys: [.isRegularFileKey],
            options: .skipsHiddenFiles
        )
        guard let walk else { throw PageError("assets: cannot read \(base)") }
        var styles: [(String, URL)] = []
        for case let file as URL in walk {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
                continue
            }
            let name = String(file.standardizedFileURL.path(percentEncoded: false).dropFirst(base.count))
                .trimmingPrefix { $0 == "/" }
            if file.pathExtension == "css" {
                styles.append((String(name), file))
            } else if file.pathExtension == "js" {
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                try add(String(name), bytes: Array(Self.bare(text).utf8))
            } else {
                try add(String(name), bytes: Array(Data(contentsOf: file)))
            }
        }
        for (name, file) in also.sorted(by: { $0.key < $1.key }) {
            guard FileManager.default.isReadableFile(atPath: file.path(percentEncoded: false)) else {
                continue
            }
            try add(name, bytes: Array(Data(contentsOf: file)))
        }
        for (name, file) in styles {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            try add(name, bytes: Array(addressed(text).utf8))
        }
    }

    /// The address under which a file (`fonts/klappa-text.woff2`) is served; nil when there is no such file.
    public func address(of name: String) -> String? { addresses[name] }

    /// The file at an address: `/assets/klappa.1f0c….css`.
    public func asset(at address: String) -> Asset? { served[address] }

    /// Every address, sorted.
    public var all: [String] { addresses.values.sorted() }

    private mutating func add(_ name: String, bytes: [UInt8]) throws {
        guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[dot...])] else {
            throw PageError("assets: no content type for \(name)")
        }
        let digest = SHA256.hash(data: bytes).prefix(8)
        let fingerprint = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let address = "/assets/\(name[..<dot]).\(fingerprint)\(name[dot...])"
        served[address] = Asset(contentType: type, bytes: bytes, fingerprint: fingerprint)
        addresses[name] = address
    }

    /// A style sheet with addresses for its `url("…")`, without comments and indentation.
    private func addressed(_ style: String) -> String {
        var text = style.replacing(#//\*(?s:.*?)\*//#, with: "")
        text = text.replacing(/@font-face \{[^}]*url\("([^"]*)"\)[^}]*\}/) { match in
            addresses[String(match.1)] == nil ? "" : String(match.0)
        }
        text = text.replacing(/url\("([^"#:]+)"\)/) { match in
            "url(\"\(addresses[String(match.1)] ?? String(match.1))\")"
        }
        return String(text.replacing(/\n\s*/, with: "\n").trimmingPrefix { $0 == "\n" })
    }

    /// A script without the lines that are comments.
    private static func bare(_ script: String) -> String {
        script.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop { $0 == " " }.hasPrefix("//") }
            .joined(separator: "\n")
    }

    private static let types = [
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".woff2": "font/woff2",
    ]
}
