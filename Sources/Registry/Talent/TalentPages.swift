internal import Foundation
internal import Web

/// Every page of talent programmes, as a table of contents.
struct TalentPages: Sendable {
    let site: Site
    let databases: Databases
    let vocabularies: @Sendable () async throws -> Vocabularies
    let queries: ProgrammeQueries
    let letters: TalentLetters
    /// Nil where the installation keeps no files.
    let files: AnswerFiles?

    /// - Parameter answers: the directory of files.
    init(
        site: Site,
        _ databases: Databases,
        vocabularies: @escaping @Sendable () async throws -> Vocabularies,
        answers: URL?
    ) {
        self.site = site
        self.databases = databases
        self.vocabularies = vocabularies
        queries = ProgrammeQueries(databases.open)
        letters = TalentLetters(texts: site.texts, origin: site.settings.origin)
        files = answers.map(AnswerFiles.init)
    }

    /// All addresses.
    func add(to table: inout RouteTable) {
        ProgrammePages(site: site, queries: queries, vocabularies: vocabularies).add(to: &table)
        ApplyPages(pages: self).add(to: &table)
        OwnApplicationPages(pages: self).add(to: &table)
        ManagePages(pages: self).add(to: &table)
        OrganisationPages(pages: self).add(to: &table)
        CallFormPages(pages: self).add(to: &table)
        AssessmentPages(pages: self).add(to: &table)
        ReviewerPages(pages: self).add(to: &table)
    }

    func text(_ language: Language) async throws -> TalentWords {
        TalentWords(words: site.words(language), vocabularies: try await vocabularies())
    }
}
