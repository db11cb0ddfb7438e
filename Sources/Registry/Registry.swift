internal import Crypto
internal import Web
