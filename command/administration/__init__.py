"""The rules of the district as pages: what an edit moves is shown before it is made."""
