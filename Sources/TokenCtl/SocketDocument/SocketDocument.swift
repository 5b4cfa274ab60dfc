enum SocketDocument { static let text = "" }
