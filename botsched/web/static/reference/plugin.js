/** What the library shows otherwise here, so that it can be used by ear and by keyboard as well. */

const nothing = () => () => null;

/** Calls stand below a heading of the second level. */
const calls = (Original, { React }) => (props) =>
  React.createElement("section", null, React.createElement("h2", null, "Calls"), React.createElement(Original, props));

/** A link within a button is reached by nobody; the address follows what is open all the same. */
const text = (_, { React }) => (props) => React.createElement("span", null, props.text);

/** Fields of parameters have their names. */
const named = (Original, { React }) => (props) =>
  React.createElement(
    "label",
    null,
    React.createElement("span", { className: "for-the-ear" }, props.description),
    React.createElement(Original, props),
  );

/** The editor of a body has a name. */
const editor = (Original, { React }) => (props) => React.createElement(Original, { "aria-label": "Body", ...props });

/** Parts of the page can be jumped to. */
const part = (label) => (Original, { React }) => (props) =>
  React.createElement("section", { "aria-label": label }, React.createElement(Original, props));

/** Nobody is asked to log in: the browser repeats the login of the page by itself. */
export const plain = () => ({
  wrapComponents: {
    authorizeBtn: nothing,
    authorizeOperationBtn: nothing,
    operations: calls,
    DeepLink: text,
    JsonSchemaForm: named,
    TextArea: editor,
    InfoContainer: part("About"),
    FilterContainer: part("Filter"),
  },
});
