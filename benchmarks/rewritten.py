"""Other ways to write the same function: the text of a function in, the text of another one out.

Each rewriting keeps what Python means, but for two: reversed loops and assignments spelled out change the
answer where turns depend on each other, or two names stand for one array. Who uses them compares the answers.
"""

import ast
import re

CALLS = {  # methods of arrays that NumPy has as functions too
    "sum": "sum",
    "mean": "mean",
    "max": "max",
    "min": "min",
    "argmax": "argmax",
    "argsort": "argsort",
    "repeat": "repeat",
    "copy": "array",
}
SHAPED = {"reshape": "reshape", "transpose": "transpose"}  # their sizes may stand one by one


def rewrite(source, *steps):
    """Return a source text after these steps, one after the other; comments are lost."""
    tree = ast.parse(source)
    for step in steps:
        tree = ast.fix_missing_locations(step().visit(tree))
    return ast.unparse(tree)


class OtherNames(ast.NodeTransformer):
    """Give every local variable another name; arguments keep theirs."""

    def __init__(self):
        self._names = {}

    def visit_Module(self, node):
        """Rename in each function by itself."""
        for function in node.body:
            if isinstance(function, ast.FunctionDef):
                self._names = {name: f"my_{name}" for name in local_names(function)}
                function.body = [self.visit(statement) for statement in function.body]
        return node

    def visit_Name(self, node):
        """Rename a variable where it stands."""
        return ast.copy_location(ast.Name(self._names.get(node.id, node.id), node.ctx), node)


def local_names(function):
    """Return the names that a function binds, without its arguments and those of functions inside it."""
    inside = list(ast.walk(function))
    bound = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return bound - {node.arg for node in inside if isinstance(node, ast.arg)}


class WhileLoops(ast.NodeTransformer):
    """Count turns with `while` instead of walking with `for`."""

    def __init__(self):
        self._loops = 0

    def visit_For(self, node):
        """Return the statements that do what the loop does."""
        self._loops += 1
        places, turn = f"places_{self._loops}", f"turn_{self._loops}"
        self.generic_visit(node)
        start = ast.parse(f"{places} = list({ast.unparse(node.iter)})\n{turn} = 0").body
        step = ast.parse(f"{ast.unparse(node.target)} = {places}[{turn}]\n{turn} += 1").body
        test = ast.parse(f"{turn} < len({places})", mode="eval").body
        return [*start, ast.While(test, [*step, *node.body], node.orelse)]


class ReversedLoops(ast.NodeTransformer):
    """Let every loop run from its last turn to its first."""

    def visit_For(self, node):
        """Turn the loop around."""
        self.generic_visit(node)
        node.iter = ast.parse(f"reversed(list({ast.unparse(node.iter)}))", mode="eval").body
        return node


class SpelledOut(ast.NodeTransformer):
    """Write a = a + b for a += b."""

    def visit_AugAssign(self, node):
        """Return the assignment in full."""
        text = ast.unparse(node.target)
        value = ast.BinOp(ast.parse(text, mode="eval").body, node.op, node.value)
        return ast.Assign([ast.parse(f"{text} = 0").body[0].targets[0]], value)


class OtherCalls(ast.NodeTransformer):
    """Call NumPy's functions where methods and operators stood, and write squares as products."""

    def visit_Call(self, node):
        """Turn a method of an array into a function of NumPy."""
        self.generic_visit(node)
        method = node.func
        if not isinstance(method, ast.Attribute) or re.fullmatch(r"np(\.\w+)*", ast.unparse(method.value)):
            return node
        if method.attr in CALLS:
            return ast.Call(numpy(CALLS[method.attr]), [method.value, *node.args], node.keywords)
        if method.attr in SHAPED and node.args:
            sizes = node.args[0] if len(node.args) == 1 else ast.Tuple(node.args, ast.Load())
            return ast.Call(numpy(SHAPED[method.attr]), [method.value, sizes], node.keywords)
        return node

    def visit_Attribute(self, node):
        """Turn a.T into a call."""
        self.generic_visit(node)
        return ast.Call(numpy("transpose"), [node.value], []) if node.attr == "T" else node

    def visit_BinOp(self, node):
        """Turn an operator between arrays into a call, and a square of a name into a product."""
        self.generic_visit(node)
        squared = isinstance(node.op, ast.Pow) and ast.unparse(node.right) == "2"
        if squared and isinstance(node.left, ast.Name):
            return ast.BinOp(node.left, ast.Mult(), node.left)
        if isinstance(node.op, ast.MatMult):
            return ast.Call(numpy("matmul"), [node.left, node.right], [])
        return node


def numpy(name):
    """Return the expression np.<name>."""
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())


KINDS = {
    "other names": (OtherNames,),
    "while loops": (WhileLoops,),
    "reversed loops": (ReversedLoops,),
    "assignments spelled out": (SpelledOut,),
    "other calls": (OtherCalls,),
    "all of these but the reversed loops": (SpelledOut, OtherCalls, WhileLoops, OtherNames),
}
