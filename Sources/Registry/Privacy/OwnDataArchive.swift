internal import FoundationEssentials
internal import NIOCore
internal import Web

/// One ZIP archive of everything about somebody: each table as JSON and as CSV, their pictures and files, a list of what
/// is in it and a list of what is not.
struct OwnDataArchive {
    let data: OwnData
    let withheld: [OwnData.Withheld]
    let words: Wording
    /// Where photographs lie.
    let photos: PhotoStore?
    /// Where the files of answers lie, by their SHA-256.
    let answers: AnswerFiles?
    /// The hash and the name of each file that they handed in with an application.
    let files: [(hash: String, name: String)]

    /// The bytes of the archive.
    func bytes() -> [UInt8] {
        var archive = ZipArchive()
        archive.add("README.txt", Array(words("data.readme").utf8))
        var list = CSVWriter()
        list.append(["file", "rows", "about"])
        for table in data.tables where !table.rows.isEmpty {
            archive.add("\(table.name).json", Array(table.text.utf8))
            archive.add("\(table.name).csv", Self.csv(table.rows))
            let part = OwnData.parts.first { $0.tables.contains(table.name) }?.name ?? OwnData.deeds
            list.append([table.name, String(table.rows.count), words("data.part.\(part)")])
        }
        archive.add("contents.csv", list.take())
        var kept = CSVWriter()
        kept.append(["table", "column", "why"])
        for column in withheld { kept.append([column.table, column.column, column.why]) }
        archive.add("not-included.csv", kept.take())
        addPictures(to: &archive)
        for file in files {
            guard let bytes = answers?.bytes(sha256: file.hash) else { continue }
            archive.add("files/\(file.hash.prefix(8))-\(file.name)", bytes)
        }
        return archive.finished()
    }

    private func addPictures(to archive: inout ZipArchive) {
        let rows = data.tables.first { $0.name == "photo" }?.rows ?? []
        for hash in Set(rows.compactMap { $0["hash"]?.string }).sorted() {
            guard let bytes = photos?.read(hash, isSmall: false) else { continue }
            archive.add("photos/\(hash).jpg", bytes, isPacked: true)
        }
    }

    /// Rows as CSV, the columns in the order of the first row.
    static func csv(_ rows: [JSON]) -> [UInt8] {
        var writer = CSVWriter()
        guard case .object(let first)? = rows.first else { return [] }
        let names = first.pairs.map(\.name)
        writer.append(names)
        for row in rows { writer.append(names.map { cell(row[$0] ?? .null) }) }
        return writer.take()
    }

    private static func cell(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: String(buffer: value.bytes)
        }
    }
}
