/// What a browser is called in the list of one's sessions: its name and its system's, no version, nothing else of what it
/// says of itself.
enum Device {
    /// `Firefox, Linux`; nil when neither is known.
    ///
    /// - Parameter agent: the field `User-Agent` (RFC 9110 section 10.1.5).
    static func name(of agent: String?) -> String? {
        guard let agent, agent.utf8.count <= 2000 else { return nil }
        // In this order: most say that they are others too.
        let browsers = [
            ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
        ]
        let systems = [
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
        ]
        let names = [browsers, systems].compactMap { list in list.first { agent.contains($0.0) }?.1 }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
