/// Where invented people live: municipalities in proportion to their population, towns with studios more often.
enum DemoHomes {
    /// Thousands of inhabitants, rounded, of the larger municipalities by SCB code; the others count as ``other``.
    /// Ystad, where the studios are, has more film workers than its size tells.
    static let weights: [String: Int] = [
        "1280": 362, "1283": 151, "1281": 128, "1290": 86, "1282": 46, "1287": 46, "1292": 44, "1293": 52,
        "1286": 75, "1285": 34, "1233": 38, "1261": 32, "1284": 28, "1291": 24, "1230": 26, "1262": 25,
        "1380": 105, "1383": 67, "1382": 47, "1384": 85, "1381": 26,
        "0680": 145, "0683": 35, "0682": 32, "0685": 28, "0662": 30, "0687": 19, "0686": 18,
        "0780": 97, "0781": 28, "0765": 18, "0764": 20,
        "0880": 72, "0883": 37, "0882": 27, "0881": 20, "0884": 16, "0885": 14,
        "1080": 67, "1082": 32, "1081": 29, "1083": 17, "1060": 13,
    ]
    static let other = 11

    /// The regions next to each, by code.
    static let neighbours: [String: [String]] = [
        "skane": ["halland", "kronoberg", "blekinge"],
        "blekinge": ["skane", "kronoberg", "kalmar"],
        "halland": ["skane", "kronoberg", "jonkoping"],
        "jonkoping": ["halland", "kronoberg", "kalmar"],
        "kronoberg": ["skane", "blekinge", "halland", "jonkoping", "kalmar"],
        "kalmar": ["blekinge", "kronoberg", "jonkoping"],
    ]
}
