// For tests and conformance: texts as symbols, one a character (code point, as in Python).

export const symbolsOf = (text: string): Int32Array => Int32Array.from(text, (character) => character.codePointAt(0)!);

export const textOfSymbols = (symbols: Int32Array): string => Array.from(symbols, (symbol) => String.fromCodePoint(symbol)).join("");
