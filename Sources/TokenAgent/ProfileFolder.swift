import JSON
import Paperwork
import System
import Tokens

extension TokenProfiles {
    /// Where profiles lie when nothing else is said; no folder there means that there are none.
    static let usualFolder = "/etc/token-station/profiles"

    /// The profiles of the configured folder: its files that end in .json5.
    /// - Parameter file: the configuration's, named where the folder itself is the matter.
    init(_ configuration: Configuration, of file: String) throws(ConfigurationError) {
        let folder = configuration.profiles ?? Self.usualFolder
        if configuration.profiles == nil, !File.exists(folder) {
            self.init()
            return
        }
        let read: (profiles: TokenProfiles?, mistakes: [FileMistake])
        do throws(SystemError) {
            read = TokenProfiles.load(
                try FileFolder.files(
                    in: folder, most: Self.mostFiles, longest: TokenProfile.longestFile))
        } catch {
            throw ConfigurationError(file: file, reason: "profiles: \(error)")
        }
        if let profiles = read.profiles, let profile = profiles.tooShort(configuration.budgets) {
            throw ConfigurationError(
                file: file,
                reason: "budgets_ms.write: must not be above write_cap_ms of the profile "
                    + "\"\(profile.name)\" (\(profile.writeCap?.wholeMilliseconds ?? 0))")
        }
        guard let profiles = read.profiles else {
            throw ConfigurationError(mistakes: read.mistakes)
        }
        self = profiles
    }

    /// A profile whose cap would end before the answer to a command that writes is due.
    private func tooShort(_ budgets: Configuration.Budgets) -> TokenProfile? {
        all.first { profile in profile.writeCap.map { $0 < budgets.write } ?? false }
    }
}

extension ConfigurationError {
    /// All mistakes in files of people, one a line.
    init(mistakes: [FileMistake]) {
        self.init(mistakes.map(\.description), first: mistakes.first?.file)
    }

    init(mistakes: [TemplateMistake]) {
        self.init(mistakes.map(\.description), first: mistakes.first?.file)
    }

    /// - Parameter file: what the first line begins with.
    private init(_ lines: [String], first file: String?) {
        let file = file ?? "files"
        self.init(
            file: file, reason: String(lines.joined(separator: "\n").dropFirst(file.count + 2)))
    }
}

/// A folder of files that people write.
enum FileFolder {
    /// Its files that end in .json5, in order of their names. One file more than are taken shows
    /// that there are too many.
    static func files(
        in folder: String, most: Int, longest: Int
    ) throws(SystemError) -> [(name: String, bytes: [UInt8])] {
        try File.contents(in: folder, endingIn: ".json5", most: most + 1, limit: longest)
    }
}
